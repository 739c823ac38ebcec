using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Lines;

/// <summary>
/// This process's own stdin and stdout on Windows, where whoever started us decides what they are, and no wait for them can be ended. So
/// a thread of its own waits for stdin for as long as the process lives, and hands on what came.
/// </summary>
internal static class WindowsStandardLine
{
    private const int ReadBytes = 64 * 1024;

    private static readonly PipeOptions s_bounded = new(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false);

    /// <summary>Takes both.</summary>
    internal static StreamLine Open()
    {
        var pipe = new Pipe(s_bounded);
        new Thread(() => Pump(Open(Kernel32.StandardInput, FileAccess.Read), pipe.Writer)) { IsBackground = true, Name = "mimir-stdin" }.Start();
        return new StreamLine(Open(Kernel32.StandardOutput, FileAccess.Write), pipe.Reader.AsStream());
    }

    private static Stream Open(int number, FileAccess access)
    {
        var handle = new SafeFileHandle(Kernel32.StandardHandle(number), ownsHandle: true);
        return handle.IsInvalid ? Stream.Null : new FileStream(handle, access, bufferSize: 0);
    }

    private static void Pump(Stream from, PipeWriter to)
    {
        try
        {
            var wanted = true;
            while (wanted && from.Read(to.GetSpan(ReadBytes)) is var count && count > 0)
            {
                to.Advance(count);
                wanted = !to.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted;
            }
        }
        catch (IOException)
        {
            // Nobody is at the other end.
        }

        to.Complete();
    }
}
