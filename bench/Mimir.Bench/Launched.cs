using System.Diagnostics;
using Mimir.Epoll;

namespace Mimir.Bench;

/// <summary>A process of the bench, with the last it said on stderr.</summary>
internal sealed class Launched : IDisposable
{
    private const int TailLines = 20;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);

    private readonly Queue<string> _tail = new();

    private Launched(Process process, string name)
    {
        Process = process;
        Name = name;
    }

    public Process Process { get; }

    public string Name { get; }

    public int Id => Process.Id;

    public bool IsAlive => !Process.HasExited;

    /// <summary>Starts it.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="command">An executable.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">Added to ours.</param>
    /// <param name="speaksOnStdout">Its stdout is the caller's to read; else it is drained.</param>
    public static Launched Start(
        string name, string command, IEnumerable<string> arguments, string folder, IEnumerable<(string Key, string Value)> environment, bool speaksOnStdout)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var launched = new Launched(Process.Start(start)!, name);
        launched.Process.ErrorDataReceived += (_, line) => launched.Note(line.Data);
        launched.Process.BeginErrorReadLine();
        if (!speaksOnStdout)
        {
            launched.Process.OutputDataReceived += static (_, _) => { };
            launched.Process.BeginOutputReadLine();
        }

        return launched;
    }

    /// <summary>What it said last on stderr, for a report of what went wrong.</summary>
    public string Tail()
    {
        lock (_tail)
        {
            return string.Join(Environment.NewLine, _tail);
        }
    }

    /// <summary>Asks it to end, and ends it with all below it if it will not.</summary>
    public void Stop()
    {
        try
        {
            Process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }

        if (!Process.HasExited)
        {
            _ = Native.Signal(Process.Id, Native.Terminate);
            if (!Process.WaitForExit(s_patience))
            {
                Kill();
            }
        }
    }

    /// <summary>Ends it and all below it at once.</summary>
    public void Kill()
    {
        try
        {
            Process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }

    public void Dispose()
    {
        Stop();
        Process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            if (_tail.Count == TailLines)
            {
                _tail.Dequeue();
            }

            _tail.Enqueue(line);
        }
    }
}
