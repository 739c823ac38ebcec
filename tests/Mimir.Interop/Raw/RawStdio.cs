using System.Diagnostics;
using System.Text;
using Mimir.Peers;

namespace Mimir.Interop.Raw;

/// <summary>A line to a child process.</summary>
public sealed class RawStdio : IRawLine
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Process _process;

    /// <summary>Starts a server.</summary>
    public RawStdio(string command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in Workshop.ChildEnvironment().Concat(environment ?? new Dictionary<string, string>()))
        {
            start.Environment[key] = value;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    /// <inheritdoc/>
    public async Task<string> ExchangeAsync(string message, int id)
    {
        await NotifyAsync(message);
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (RawMessage.Answers(line, id))
            {
                return line;
            }
        }

        throw new EndOfStreamException($"{_process.StartInfo.FileName} ended before it answered {message}");
    }

    /// <inheritdoc/>
    public async Task NotifyAsync(string message)
    {
        await _process.StandardInput.WriteAsync(message + "\n");
        await _process.StandardInput.FlushAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(8));
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
