// node shoot.mjs CHROMIUM DATA.json FOLDER: one picture a dashboard, and report.json with what each panel shows.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import UPNG from 'upng-js';

const COLOURS = [96, 64, 48, 32, 24, 16]; // as many as keep the file small
const MOST_BYTES = 149_000;
const [executablePath, data, folder] = process.argv.slice(2);
const page = fileURLToPath(new URL('dist/index.html', import.meta.url));
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--allow-file-access-from-files', '--force-color-profile=srgb'];

function small(picture) {
  const { width, height, ...image } = UPNG.decode(picture);
  const pixels = UPNG.toRGBA8({ width, height, ...image });
  const tries = COLOURS.map((colours) => () => Buffer.from(UPNG.encode(pixels, width, height, colours)));
  let made = tries.shift()();
  while (made.length > MOST_BYTES && tries.length > 0) {
    made = tries.shift()();
  }
  return made;
}

const browser = await chromium.launch({ executablePath, args });
const report = {};
for (const [name, board] of Object.entries(JSON.parse(readFileSync(data, 'utf8')))) {
  const tab = await browser.newPage({ viewport: { width: 1432, height: 900 } });
  const said = [];
  tab.on('pageerror', (error) => said.push(String(error)));
  await tab.addInitScript((given) => (window.BOARD = given), board);
  await tab.goto(`file://${page}`);
  const panels = await tab.evaluate(() => window.REPORT);
  const height = await tab.evaluate(() => document.getElementById('page').scrollHeight);
  await tab.setViewportSize({ width: 1432, height });
  writeFileSync(`${folder}/${name}.png`, small(await tab.screenshot()));
  report[name] = { panels, errors: said };
  await tab.close();
}
await browser.close();
writeFileSync(`${folder}/report.json`, JSON.stringify(report, null, 1));
