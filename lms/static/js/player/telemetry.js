// Listens to `player:*` events (docs/media-player.md) for the statistics of instructors. Nothing is sent yet.

export function listenForStatistics() {}
