namespace Mimir.Supervisor.Native;

/// <summary>A call to the operating system that failed, on its way to the message a person reads.</summary>
internal sealed class SystemCallException(string call, int errno)
    : IOException($"{call}: {Native.Errno.Describe(errno)} (errno {errno})")
{
    internal int Errno { get; } = errno;
}
