using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Mimir.Peers;

/// <summary>A child process of a test. Its output is kept for the message of a failing test; disposing ends it and its children.</summary>
public sealed partial class PeerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _stdout = new();
    private readonly Lock _gate = new();
    private readonly List<(string Prefix, TaskCompletionSource<string> Found)> _awaited = [];

    private PeerProcess(Process process) => _process = process;

    /// <summary>All it has written so far, both streams.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>What it has written to stdout so far.</summary>
    public string Stdout
    {
        get
        {
            lock (_gate)
            {
                return _stdout.ToString();
            }
        }
    }

    /// <summary>The program and its arguments.</summary>
    public string Name => $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}";

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program with the environment of the workshop and what <paramref name="environment"/> adds.</summary>
    public static PeerProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Workshop.Interop,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in Workshop.ChildEnvironment().Concat(environment ?? new Dictionary<string, string>()))
        {
            start.Environment[key] = value;
        }

        var peer = new PeerProcess(new Process { StartInfo = start });
        peer._process.OutputDataReceived += (_, line) => peer.Keep(line.Data, peer._stdout);
        peer._process.ErrorDataReceived += (_, line) => peer.Keep(line.Data, null);
        peer._process.Start();
        peer._process.BeginOutputReadLine();
        peer._process.BeginErrorReadLine();
        return peer;
    }

    /// <summary>The rest of the first line that begins with <paramref name="prefix"/>.</summary>
    /// <exception cref="InvalidOperationException">It ended, or the time was up; the message carries what it wrote.</exception>
    public async Task<string> LineAsync(string prefix, TimeSpan timeout)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited.Add((prefix, found));
            foreach (string line in _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Offer(line);
            }
        }

        Task ended = _process.WaitForExitAsync();
        Task first = await Task.WhenAny(found.Task, ended, Task.Delay(timeout));
        return first == found.Task
            ? await found.Task
            : throw new InvalidOperationException($"{Name} {(first == ended ? "ended" : "was silent")} before it wrote '{prefix}'. It wrote:\n{Output}");
    }

    /// <summary>Asks it to end (SIGTERM), and does not wait.</summary>
    public void Ask() => _ = Kill(_process.Id, SigTerm);

    /// <summary>Waits until it has ended by itself.</summary>
    /// <exception cref="TimeoutException">It went on for longer.</exception>
    public async Task<int> EndAsync(TimeSpan timeout)
    {
        using var late = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} took longer than {timeout}. It wrote:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Ask();
            using var late = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    private void Keep(string? line, StringBuilder? stdout)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _output.Append(line).Append('\n');
            stdout?.Append(line).Append('\n');
            Offer(line);
        }
    }

    private void Offer(string line)
    {
        foreach (var (prefix, found) in _awaited)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                found.TrySetResult(line[prefix.Length..]);
            }
        }
    }
}
