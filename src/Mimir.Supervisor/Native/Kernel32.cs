using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mimir.Supervisor.Native;

/// <summary>The calls to Windows this room makes, bare. A boolean is an integer, 0 for failure, whose number is in <see cref="Errno.Last"/>.</summary>
internal static unsafe partial class Kernel32
{
    internal const uint Suspended = 0x4, UnicodeEnvironment = 0x400, ExtendedStartup = 0x80000, NoWindow = 0x8000000, UseStandardHandles = 0x100;
    internal const nuint HandleList = 0x20002, JobList = 0x2000D;
    internal const uint QueryLimited = 0x1000, Synchronize = 0x100000;
    internal const int StandardInput = -10, StandardOutput = -11;
    internal const int Accounting = 1, ProcessIdList = 3, ExtendedLimits = 9;
    internal const uint LimitActiveProcesses = 0x8, LimitJobMemory = 0x200, LimitKillOnClose = 0x2000;
    internal const int FileNotFound = 2, PathNotFound = 3, AccessDenied = 5, NotEnoughMemory = 8, BadFormat = 193, MoreData = 234;
    internal const int VirusFound = 225, ElevationRequired = 740, MachineMismatch = 216, NoSystemResources = 1450, CommitLimit = 1455;
    internal const int NotEnoughQuota = 1816, BlockedByPolicy = 1260, NameTooLong = 206, BadFolder = 267;

    private const string Library = "kernel32";

    [LibraryImport(Library, EntryPoint = "GetStdHandle", SetLastError = true)]
    internal static partial nint StandardHandle(int number);

    [LibraryImport(Library, EntryPoint = "CreateJobObjectW", SetLastError = true)]
    internal static partial Job CreateJob(nint security, nint name);

    [LibraryImport(Library, EntryPoint = "SetInformationJobObject", SetLastError = true)]
    internal static partial int SetJob(Job job, int kind, void* information, uint bytes);

    [LibraryImport(Library, EntryPoint = "QueryInformationJobObject", SetLastError = true)]
    internal static partial int QueryJob(Job job, int kind, void* information, uint bytes, uint* returned);

    [LibraryImport(Library, EntryPoint = "TerminateJobObject", SetLastError = true)]
    internal static partial int TerminateJob(Job job, uint exitCode);

    [LibraryImport(Library, EntryPoint = "InitializeProcThreadAttributeList", SetLastError = true)]
    internal static partial int InitializeAttributes(byte* list, int count, uint flags, nuint* bytes);

    [LibraryImport(Library, EntryPoint = "UpdateProcThreadAttribute", SetLastError = true)]
    internal static partial int UpdateAttribute(byte* list, uint flags, nuint attribute, void* value, nuint bytes, nint before, nint returned);

    [LibraryImport(Library, EntryPoint = "DeleteProcThreadAttributeList")]
    internal static partial void DeleteAttributes(byte* list);

    [LibraryImport(Library, EntryPoint = "CreateProcessW", SetLastError = true)]
    internal static partial int CreateProcess(
        char* file, char* commandLine, nint processSecurity, nint threadSecurity, int inherit, uint flags, char* environment, char* folder,
        StartupInformation* startup, ProcessInformation* made);

    [LibraryImport(Library, EntryPoint = "ResumeThread", SetLastError = true)]
    internal static partial uint ResumeThread(nint thread);

    [LibraryImport(Library, EntryPoint = "CloseHandle", SetLastError = true)]
    internal static partial int CloseHandle(nint handle);

    [LibraryImport(Library, EntryPoint = "GetExitCodeProcess", SetLastError = true)]
    internal static partial int ExitCode(SafeWaitHandle process, uint* code);

    [LibraryImport(Library, EntryPoint = "OpenProcess", SetLastError = true)]
    internal static partial SafeWaitHandle OpenProcess(uint access, int inherit, int processId);

    [LibraryImport(Library, EntryPoint = "WaitForSingleObject", SetLastError = true)]
    internal static partial uint Wait(SafeWaitHandle handle, uint milliseconds);

    [LibraryImport(Library, EntryPoint = "GetProcessTimes", SetLastError = true)]
    internal static partial int ProcessTimes(SafeWaitHandle process, ulong* created, ulong* exited, ulong* kernel, ulong* user);

    [LibraryImport(Library, EntryPoint = "K32GetProcessMemoryInfo", SetLastError = true)]
    internal static partial int ProcessMemory(SafeWaitHandle process, MemoryCounters* counters, uint bytes);
}
