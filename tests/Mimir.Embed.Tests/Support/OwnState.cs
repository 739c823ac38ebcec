using System.Runtime.CompilerServices;

namespace Mimir.Embed.Tests.Support;

/// <summary>Hosts of tests are announced in a folder of their own, and not to the user's router.</summary>
internal static class OwnState
{
    public static string Folder { get; } = Directory.CreateTempSubdirectory("mimir-embed-state-").FullName;

    [ModuleInitializer]
    internal static void Move()
    {
        Environment.SetEnvironmentVariable("XDG_STATE_HOME", Folder);
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Directory.Delete(Folder, recursive: true);
    }
}
