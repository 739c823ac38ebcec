using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Launching;

/// <summary>
/// Makes a process on Windows: in its job from its first instant, with three handles of ours and no other, without a window or a console of
/// ours, so that a Ctrl+C meant for us does not reach it. It does not run before it has been prepared.
/// </summary>
internal static unsafe class WindowsSpawner
{
    /// <summary>Starts a process.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="streams">Its stdin, stdout and stderr; can be inherited.</param>
    /// <param name="job">Where it and what comes of it live.</param>
    /// <param name="prepare">Given its number while it does not run yet. Must not throw.</param>
    /// <returns>A handle that is signaled when it has exited, and its number.</returns>
    /// <exception cref="SystemCallException">It could not be started.</exception>
    internal static (SafeWaitHandle Process, int Id) Start(
        LaunchPlan plan, (SafeFileHandle In, SafeFileHandle Out, SafeFileHandle Error) streams, Job job, Action<int> prepare)
    {
        var handles = stackalloc nint[3];
        (handles[0], handles[1], handles[2]) = (streams.In.DangerousGetHandle(), streams.Out.DangerousGetHandle(), streams.Error.DangerousGetHandle());
        var home = job.DangerousGetHandle();
        nuint size = 0;
        _ = Kernel32.InitializeAttributes(null, 2, 0, &size);
        var list = (byte*)NativeMemory.Alloc(size);
        var made = default(ProcessInformation);
        try
        {
            Check("InitializeProcThreadAttributeList", Kernel32.InitializeAttributes(list, 2, 0, &size));
            try
            {
                Check("UpdateProcThreadAttribute", Kernel32.UpdateAttribute(list, 0, Kernel32.HandleList, handles, (nuint)(3 * sizeof(nint)), 0, 0));
                Check("UpdateProcThreadAttribute", Kernel32.UpdateAttribute(list, 0, Kernel32.JobList, &home, (nuint)sizeof(nint), 0, 0));
                var startup = new StartupInformation
                {
                    Bytes = (uint)sizeof(StartupInformation),
                    Flags = Kernel32.UseStandardHandles,
                    Input = handles[0],
                    Output = handles[1],
                    Error = handles[2],
                    Attributes = list,
                };
                fixed (char* file = plan.File, line = Terminated(plan.CommandLine), environment = Block(plan.Environment), folder = plan.Folder)
                {
                    Check("CreateProcess", Kernel32.CreateProcess(
                        file, line, 0, 0, 1, Kernel32.Suspended | Kernel32.UnicodeEnvironment | Kernel32.ExtendedStartup | Kernel32.NoWindow,
                        environment, folder, &startup, &made));
                }
            }
            finally
            {
                Kernel32.DeleteAttributes(list);
            }
        }
        finally
        {
            NativeMemory.Free(list);
            GC.KeepAlive(streams);
            GC.KeepAlive(job);
        }

        prepare(made.ProcessId);
        _ = Kernel32.ResumeThread(made.Thread);
        _ = Kernel32.CloseHandle(made.Thread);
        return (new SafeWaitHandle(made.Process, ownsHandle: true), made.ProcessId);
    }

    /// <summary>The environment as Windows takes it: sorted by name without regard to case, each entry and the whole ended by U+0000.</summary>
    internal static char[] Block(IEnumerable<string> environment) =>
        [.. environment.OrderBy(static entry => entry[..entry.IndexOf('=')], StringComparer.OrdinalIgnoreCase).SelectMany(static entry => entry + '\0'), '\0'];

    /// <summary>A copy, for the system writes into it.</summary>
    private static char[] Terminated(string text) => [.. text, '\0'];

    private static void Check(string call, int succeeded)
    {
        if (succeeded == 0)
            throw new SystemCallException(call, Errno.Last);
    }
}
