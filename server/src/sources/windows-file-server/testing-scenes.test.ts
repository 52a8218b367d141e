/** The inputs in `testdata` are the scenes; UPDATE_GOLDENS=1 writes them. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { it } from 'node:test';
import { createScene } from './testing.ts';
import { SCENES } from './testing-scenes.ts';

const FOLDER = new URL('./testdata/', import.meta.url);
const INPUT = '.input.json';
/** Each scene has record ids of its own. */
const RECORD_IDS_EACH = 100;

it('are what testdata has', () => {
  for (const [index, [name, play]] of Object.entries(SCENES).entries()) {
    const scene = createScene(5_000 + index * RECORD_IDS_EACH);
    play(scene);
    assert.ok(scene.events.length <= RECORD_IDS_EACH);
    const input = scene.events.length === 1 ? scene.events[0] : scene.events;
    const text = `${JSON.stringify(input, undefined, 2)}\n`;
    const file = new URL(`${name}${INPUT}`, FOLDER);
    if (process.env.UPDATE_GOLDENS === '1') writeFileSync(file, text);
    assert.equal(readFileSync(file, 'utf8'), text, name);
  }
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith(INPUT))
    .map((file) => file.slice(0, -INPUT.length));
  assert.deepEqual(names.sort(), Object.keys(SCENES).sort());
});
