using System.IO.Pipes;

namespace Mimir.Epoll;

/// <summary>Finds the descriptor behind a child's redirected stream.</summary>
public static class PipeDescriptor
{
    /// <summary>The descriptor of a redirected stream; it lives as long as the stream.</summary>
    /// <param name="stream">The base stream of a process's standard input or output.</param>
    /// <exception cref="NotSupportedException">The runtime wraps pipes in something else than this knows.</exception>
    public static Descriptor Of(Stream stream) => stream switch
    {
        PipeStream pipe => new Descriptor((int)pipe.SafePipeHandle.DangerousGetHandle(), IsSocket: false),
        FileStream file => new Descriptor((int)file.SafeFileHandle.DangerousGetHandle(), IsSocket: false),
        _ => throw new NotSupportedException($"No descriptor is known behind a {stream.GetType()}."),
    };
}
