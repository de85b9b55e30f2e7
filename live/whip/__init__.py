"""Classes through a media server beside us that speaks WHIP and WHEP: an engine that a site may do without."""
