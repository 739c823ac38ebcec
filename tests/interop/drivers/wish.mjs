// What a driver is asked to do, as one JSON argument:
//   { transport: "stdio" | "http" | "sse", command, args | url, servers: { name: kind }, era?: "legacy" | "modern" | "auto" }
export const wish = JSON.parse(process.argv[2]);

/** A transport of the given kind, made of the given classes. */
export function connectTo({ Stdio, StreamableHttp, Sse }) {
  switch (wish.transport) {
    case "stdio":
      return new Stdio({ command: wish.command, args: wish.args, stderr: "inherit", env: process.env });
    case "http":
      return new StreamableHttp(new URL(wish.url));
    case "sse":
      return new Sse(new URL(wish.url));
  }
  throw new Error(`no transport ${wish.transport}`);
}
