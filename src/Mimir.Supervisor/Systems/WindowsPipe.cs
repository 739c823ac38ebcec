using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace Mimir.Supervisor.Systems;

/// <summary>
/// A pipe whose one end is a child's standard stream: that end blocks, as every program expects, and can be inherited; ours does neither.
/// It has a name only because no other pipe of Windows can be waited for; it is one of a kind, takes one client, who is there at once, and
/// nobody but our user.
/// </summary>
internal sealed class WindowsPipe : IDisposable
{
    private const int PipeBytes = 64 * 1024;

    private NamedPipeServerStream? _ours;

    /// <summary>Makes one.</summary>
    /// <param name="ours">What we do with our end.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The system refuses.</exception>
    internal WindowsPipe(PipeDirection ours)
    {
        var name = $"mimir-{Guid.NewGuid():N}";
        _ours = new NamedPipeServerStream(
            name, ours, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | PipeOptions.FirstPipeInstance, PipeBytes, PipeBytes);
        try
        {
            Theirs = File.OpenHandle(
                $@"\\.\pipe\{name}", FileMode.Open, ours == PipeDirection.In ? FileAccess.Write : FileAccess.Read, FileShare.ReadWrite | FileShare.Inheritable);

            // The client is there: this only takes note of it.
            _ours.WaitForConnection();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The child's end.</summary>
    internal SafeFileHandle Theirs { get; } = new();

    /// <summary>Hands our end over.</summary>
    internal NamedPipeServerStream Take()
    {
        var ours = _ours!;
        _ours = null;
        return ours;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Theirs.Dispose();
        _ours?.Dispose();
    }
}
