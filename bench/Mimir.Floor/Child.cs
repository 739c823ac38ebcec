using System.Diagnostics;
using Mimir.Epoll;

namespace Mimir.Floor;

/// <summary>The upstream process and the descriptors of its stdin and stdout.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    private Child(Process process)
    {
        _process = process;
        Input = PipeDescriptor.Of(process.StandardInput.BaseStream);
        Output = PipeDescriptor.Of(process.StandardOutput.BaseStream);
    }

    /// <summary>Its stdin, to write to.</summary>
    public Descriptor Input { get; }

    /// <summary>Its stdout, to read from.</summary>
    public Descriptor Output { get; }

    /// <summary>Its stdin as a stream.</summary>
    public Stream InputStream => _process.StandardInput.BaseStream;

    /// <summary>Its stdout as a stream.</summary>
    public Stream OutputStream => _process.StandardOutput.BaseStream;

    public static Child Start(string command, IEnumerable<string> arguments) => new(Process.Start(
        new ProcessStartInfo(command, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);

    /// <summary>Lets it see the end of its stdin.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    public void Dispose()
    {
        CloseInput();
        _process.Dispose();
    }
}
