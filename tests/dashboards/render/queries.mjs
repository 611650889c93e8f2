// node queries.mjs FILE.json: reads LogQL and TraceQL with Grafana's own grammars; prints what neither can read.
import { readFileSync } from 'node:fs';
import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';

const parsers = { loki: logql, tempo: traceql };
for (const { source, query } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  parsers[source].parse(query).iterate({
    enter: ({ type, from }) => {
      if (type.isError) {
        console.log(`${source}: at ${from}: ${query}`);
      }
    },
  });
}
