using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Native;

/// <summary><c>PROCESS_INFORMATION</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessInformation
{
    internal nint Process, Thread;
    internal int ProcessId, ThreadId;
}
