using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Native;

/// <summary><c>struct pollfd</c>. A negative <see cref="Descriptor"/> is skipped by the kernel.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry(int descriptor, short events)
{
    internal int Descriptor = descriptor;
    internal short Events = events;
    internal short Returned = 0;
}
