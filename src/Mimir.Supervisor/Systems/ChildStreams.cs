using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Systems;

/// <summary>
/// The three pipes of a child to be, made before it so that nothing can fail after it. What has not been taken is closed on disposal,
/// on every path the child's ends among it.
/// </summary>
internal sealed class ChildStreams : IDisposable
{
    private readonly List<Descriptor> _open = new(6);
    private readonly Descriptor _write;
    private readonly Descriptor _read;
    private readonly Descriptor _error;
    private Wake? _wake;

    /// <exception cref="SystemCallException">No descriptor left.</exception>
    internal ChildStreams()
    {
        try
        {
            var (theirIn, write) = Keep(Descriptors.Pipe());
            var (read, theirOut) = Keep(Descriptors.Pipe());
            var (error, theirError) = Keep(Descriptors.Pipe());
            _wake = new Wake();
            Descriptors.Widen(write);
            Descriptors.Widen(read);
            Descriptors.SetNonBlocking(write);
            Descriptors.SetNonBlocking(read);
            Descriptors.SetNonBlocking(error);
            (_write, _read, _error) = (write, read, error);
            Theirs = (theirIn, theirOut, theirError);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The child's ends.</summary>
    internal (Descriptor In, Descriptor Out, Descriptor Error) Theirs { get; }

    /// <summary>Our ends of its stdin and stdout.</summary>
    internal ChildLine TakeLine()
    {
        var line = new ChildLine(_write, _read, _wake!);
        _open.Remove(_write);
        _open.Remove(_read);
        _wake = null;
        return line;
    }

    /// <summary>Our end of its stderr.</summary>
    internal Descriptor TakeError()
    {
        _open.Remove(_error);
        return _error;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var descriptor in _open)
            descriptor.Dispose();
        _wake?.Dispose();
    }

    private (Descriptor Read, Descriptor Write) Keep((Descriptor Read, Descriptor Write) pipe)
    {
        _open.Add(pipe.Read);
        _open.Add(pipe.Write);
        return pipe;
    }
}
