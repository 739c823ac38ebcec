using System.Globalization;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Registry;

namespace Mimir.Supervisor.Launching;

/// <summary>
/// A named pipe that nobody writes to. A child that opens it for reading, between fork and exec, stands still until somebody opens the
/// other end: so it is entered and limited before its program runs. Linux only.
/// </summary>
internal sealed unsafe class Gate : IDisposable
{
    /// <summary>How the names of gates begin. The guard opens what it finds under such names, so that nobody stands there for ever.</summary>
    internal const string Prefix = "gate-";

    private const uint OnlyOurs = 0x180; // 0600

    // The pipe itself, not open in either direction: its folder may be deleted or replaced while somebody stands there.
    private readonly Descriptor _pipe;
    private Descriptor? _opened;

    private Gate(string path, Descriptor pipe) => (Path, _pipe) = (path, pipe);

    /// <summary>Its full path.</summary>
    internal string Path { get; }

    /// <summary>
    /// The path by which a child of this process opens it before it becomes its program: whatever has happened to its folder. A child has
    /// its own copies of our descriptors until then.
    /// </summary>
    internal string PathForChild => (int)_pipe.DangerousGetHandle() > 2 ? Handle : Path;

    private string Handle => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)_pipe.DangerousGetHandle()}");

    /// <summary>Makes a gate; null where there can be none (another system, no <c>/proc</c> to find the child by, a folder that takes no pipes).</summary>
    /// <param name="folder">A folder that nobody else may enter.</param>
    /// <param name="name">Its name, unique there.</param>
    internal static Gate? TryMake(string folder, string name)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/thread-self/children"))
            return null;
        var path = System.IO.Path.Combine(folder, Prefix + name);
        if (Libc.MakeFifo(path, OnlyOurs) != 0)
            return null;
        if (Descriptors.TryOpen(path, Abi.OpenPath) is { } pipe)
            return new Gate(path, pipe);
        PrivateFile.TryDelete(path);
        return null;
    }

    /// <summary>Lets through whoever stands there, and whoever comes until it is disposed of.</summary>
    /// <param name="path">A gate's path.</param>
    /// <returns>Null when it cannot be opened: it is gone, or no descriptor is left.</returns>
    internal static Descriptor? TryOpen(string path)
    {
        // For both directions: that neither waits nor fails when nobody stands there yet.
        return Descriptors.TryOpen(path, Abi.OpenReadWrite | Abi.OpenNonBlocking);
    }

    /// <summary>As <see cref="TryOpen(string)"/>, of this one.</summary>
    internal bool Open()
    {
        _opened ??= TryOpen(Handle);
        return _opened is not null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        PrivateFile.TryDelete(Path);
        _opened?.Dispose();
        _pipe.Dispose();
    }
}
