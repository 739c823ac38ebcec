using System.Globalization;
using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Limits;
using Mimir.Supervisor.Lines;
using Mimir.Supervisor.Native;
using Mimir.Supervisor.Watching;

namespace Mimir.Supervisor.Systems;

/// <summary>A child on Windows. Its job is closed last of all: should anybody be in it against all expectation, that ends him.</summary>
internal sealed class WindowsChild(
    int processId, SafeWaitHandle process, Job job, StreamLine line, NamedPipeServerStream standardError, Confinement? confinement, TimeProvider clock)
    : IChildBody
{
    private const int ReadBytes = 16 * 1024;

    /// <summary>How long a descendant that holds its stderr may keep its end from being told.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly JobFamily _family = new(job, clock);

    /// <inheritdoc/>
    public int ProcessId => processId;

    /// <inheritdoc/>
    public IChildLine Line => line;

    /// <inheritdoc/>
    public IFamily Family => _family;

    /// <inheritdoc/>
    public void Watch(StandardErrorTaker taker, Action<ChildExit> onExit)
    {
        var reading = ReadErrorAsync(taker);
        ThreadPool.RegisterWaitForSingleObject(
            new Exit(process), (_, _) => _ = TellExitAsync(reading, onExit), null, Timeout.InfiniteTimeSpan, executeOnlyOnce: true);
    }

    /// <summary>Bytes of memory that it and what came of it hold.</summary>
    /// <exception cref="IOException">It cannot be seen.</exception>
    internal long Measure()
    {
        try
        {
            return job.ProcessIds().Sum(WindowsProcesses.ResidentOf);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Forget()
    {
    }

    /// <inheritdoc/>
    public void Release()
    {
        standardError.Dispose();
        process.Dispose();
        job.Dispose();
    }

    private async Task ReadErrorAsync(StandardErrorTaker taker)
    {
        var buffer = new byte[ReadBytes];
        try
        {
            while (await standardError.ReadAsync(buffer) is var count && count > 0)
                taker.Append(buffer.AsSpan(0, count));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody is at the other end, or it has been released.
        }

        taker.End();
    }

    private async Task TellExitAsync(Task reading, Action<ChildExit> onExit)
    {
        var exit = ReadExit();

        // Its last words are what explains the exit.
        await reading.WaitAsync(LastWords, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        onExit(confinement?.Explain(exit) ?? exit);
    }

    private unsafe ChildExit ReadExit()
    {
        uint code;
        if (Kernel32.ExitCode(process, &code) == 0)
            return new ChildExit(null, null);

        // A crash is a number that people look for as it is written in hexadecimal.
        var remark = _family.IsKilled ? "ended by Mimir" : (int)code < 0 ? string.Create(CultureInfo.InvariantCulture, $"0x{code:X8}") : null;
        return new ChildExit((int)code, null) { Remark = remark };
    }

    /// <summary>Signaled when the process has exited.</summary>
    private sealed class Exit : WaitHandle
    {
        internal Exit(SafeWaitHandle process) => SafeWaitHandle = process;
    }
}
