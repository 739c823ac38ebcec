using System.Text;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Launching;

/// <summary>Turns what the system says about a failed start into what a person can do about it.</summary>
internal static class SpawnFailure
{
    /// <summary>The exception for an error number from starting <paramref name="file"/>.</summary>
    internal static ProcessStartException Explain(string who, string file, int errno) => new(
        $"{who}: {(OperatingSystem.IsWindows() ? WindowsFailure.Text(file, errno) : Text(file, errno))}")
    {
        MayPass = OperatingSystem.IsWindows() ? WindowsFailure.MayPass(errno) : MayPass(errno),
    };

    private static bool MayPass(int errno) =>
        errno is Errno.TextBusy or Errno.OutOfMemory or Errno.TooManyOpen or Errno.TooManyInSystem || errno == Errno.TryAgain;

    private static string Text(string file, int errno) => errno switch
    {
        Errno.NotFound => Interpreter(file) is { } interpreter
            ? $"\"{file}\" asks to be run by \"{interpreter}\", which does not exist. Install that, or name another interpreter as \"command\"."
            : $"\"{file}\" cannot be loaded: its program loader is missing, as when it was built for another C library. Install a build for this system.",
        Errno.BadFormat =>
            $"\"{file}\" is no program for this machine, and no script with a #! line. Name its interpreter as \"command\" and the file in \"args\".",
        Errno.AccessDenied or Errno.NotPermitted =>
            $"the system refuses to run \"{file}\": its interpreter is not executable, its file system is mounted noexec, or a policy forbids it.",
        Errno.TooBig => "arguments and environment together are larger than the system passes on. Put large values into a file.",
        Errno.TextBusy => $"\"{file}\" is being written by another program. Start it once that is done.",
        Errno.OutOfMemory => "the system has no memory left for another process. End something, or give it more.",
        Errno.TooManyOpen => "this process has no file descriptor left. Raise its limit (ulimit -n), or run fewer servers.",
        Errno.TooManyInSystem => "the system has no file descriptor left. Raise fs.file-max, or end something.",
        _ when errno == Errno.TryAgain => "no more processes may be started. Raise the limit (ulimit -u, pids.max), or end something.",
        _ => $"starting \"{file}\" failed: {Errno.Describe(errno)} (errno {errno}).",
    };

    /// <summary>What a script's first line names; null when it is no script.</summary>
    private static string? Interpreter(string file)
    {
        try
        {
            Span<byte> head = stackalloc byte[256];
            using var handle = File.OpenHandle(file);
            head = head[..RandomAccess.Read(handle, head, 0)];
            if (!head.StartsWith("#!"u8))
                return null;
            var end = head.IndexOf((byte)'\n');
            var line = Encoding.UTF8.GetString(head[2..(end < 0 ? head.Length : end)]).Trim(' ', '\t');
            var blank = line.AsSpan().IndexOfAny(' ', '\t');
            return blank < 0 ? line.Replace("\r", "\\r (a Windows line ending)", StringComparison.Ordinal) : line[..blank];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
