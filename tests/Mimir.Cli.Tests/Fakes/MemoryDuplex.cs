using System.IO.Pipelines;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>Two one-way byte streams in memory that join a client to a server in the same process.</summary>
internal sealed class MemoryDuplex
{
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();

    public MemoryDuplex()
    {
        ServerInput = _toServer.Reader.AsStream();
        ServerOutput = _toClient.Writer.AsStream();
        ClientInput = _toClient.Reader.AsStream();
        ClientOutput = _toServer.Writer.AsStream();
    }

    public Stream ServerInput { get; }

    public Stream ServerOutput { get; }

    public Stream ClientInput { get; }

    public Stream ClientOutput { get; }
}
