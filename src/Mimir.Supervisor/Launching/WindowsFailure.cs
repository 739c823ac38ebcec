using Mimir.Supervisor.Native;

namespace Mimir.Supervisor.Launching;

/// <summary>What a failed start on Windows means, and what a person can do about it.</summary>
internal static class WindowsFailure
{
    /// <summary>True when the same start may succeed a moment later.</summary>
    internal static bool MayPass(int error) =>
        error is Kernel32.NotEnoughMemory or Kernel32.NoSystemResources or Kernel32.CommitLimit;

    /// <summary>One or two sentences.</summary>
    internal static string Text(string file, int error) => error switch
    {
        Kernel32.FileNotFound or Kernel32.PathNotFound => $"\"{file}\" is gone, or something that it needs to start is. Install it anew.",
        Kernel32.BadFormat or Kernel32.MachineMismatch => $"\"{file}\" is no program for this machine. Install a build for this system.",
        Kernel32.AccessDenied => $"the system refuses to run \"{file}\": its permissions or a policy forbid it.",
        Kernel32.BlockedByPolicy => $"a policy of this system forbids to run \"{file}\". Whoever administers it can allow it.",
        Kernel32.VirusFound => $"the virus protection of this system forbids to run \"{file}\".",
        Kernel32.ElevationRequired => $"\"{file}\" asks for the rights of an administrator. Run Mimir with these, or a program that needs none.",
        Kernel32.BadFolder => "the working directory may not be entered. Allow it, or change \"cwd\".",
        Kernel32.NameTooLong => "arguments and environment together are larger than the system passes on. Put large values into a file.",
        Kernel32.NotEnoughMemory or Kernel32.NoSystemResources or Kernel32.CommitLimit =>
            "the system has no memory left for another process. End something, or give it more.",
        Kernel32.NotEnoughQuota => "its limits leave no room for a process. Raise \"limits\", or end something.",
        _ => $"starting \"{file}\" failed: {Errno.Describe(error)} (error {error}).",
    };
}
