// node shoot.mjs CHROMIUM DATA.json FOLDER: pictures of each dashboard, and report.json with what each panel shows.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import UPNG from 'upng-js';

const COLOURS = [96, 64, 48, 32, 24, 16]; // as many as keep the file small
const MOST_BYTES = 149_000;
const MOST_HEIGHT = 2600;
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

/** A page that is too high is cut before the row that begins behind its middle. */
async function parts(tab, height) {
  if (height <= MOST_HEIGHT) {
    return [{ y: 0, to: height }];
  }
  const rows = await tab.$$eval('.row', (all) => all.map((row) => row.getBoundingClientRect().top));
  const cut = Math.floor(rows.find((top) => top > height / 2) ?? height) - 8;
  return [
    { y: 0, to: cut },
    { y: cut, to: height },
  ];
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
  for (const [number, { y, to }] of (await parts(tab, height)).entries()) {
    const clip = { x: 0, y, width: 1432, height: to - y };
    writeFileSync(`${folder}/${name}${number ? `-${number + 1}` : ''}.png`, small(await tab.screenshot({ clip })));
  }
  report[name] = { panels, errors: said };
  await tab.close();
}
await browser.close();
writeFileSync(`${folder}/report.json`, JSON.stringify(report, null, 1));
