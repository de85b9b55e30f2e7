// Texts of one part of the room, with placeholders.

import { number, room } from "./page.js";

/** The texts of `<template data-{name}>` by their keys. */
export function wordsOf(name) {
  const words = {};
  for (const text of room.querySelector(`[data-${name}]`)?.content.children ?? []) words[text.dataset.key] = text.textContent;
  return words;
}

export const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => number.format(facts[name]));
