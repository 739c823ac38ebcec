namespace Mimir.Bench;

/// <summary>What the client speaks, and what the upstream speaks.</summary>
internal enum Topology : byte
{
    HttpToHttp,
    HttpToStdio,
    StdioToStdio,
}
