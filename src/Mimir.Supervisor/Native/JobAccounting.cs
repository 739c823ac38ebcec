using System.Runtime.InteropServices;

namespace Mimir.Supervisor.Native;

/// <summary><c>JOBOBJECT_BASIC_ACCOUNTING_INFORMATION</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JobAccounting
{
    internal long UserTime, KernelTime, PeriodUserTime, PeriodKernelTime;
    internal uint PageFaults, Processes, ActiveProcesses, Terminated;
}
