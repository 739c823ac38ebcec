// Reads a file with a JSON array of TOML documents and writes, for each, what it says or that it is refused.
import { readFileSync } from "node:fs";
import { parse, TomlDate } from "smol-toml";

// Integers and dates have no type of their own in JSON: each scalar is written as its type and text.
function plain(value) {
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (value instanceof TomlDate) {
    return { date: value.toISOString() };
  }
  switch (typeof value) {
    case "bigint": return { integer: value.toString() };
    case "number": return { float: String(value) };
    case "string": return { string: value };
    case "boolean": return { boolean: String(value) };
    default: return { table: Object.entries(value).map(([key, item]) => [key, plain(item)]).sort(([a], [b]) => (a < b ? -1 : 1)) };
  }
}

function outcome(document) {
  try {
    return plain(parse(document, { integersAsBigInt: true }));
  } catch {
    return null;
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf8")).map(outcome)));
