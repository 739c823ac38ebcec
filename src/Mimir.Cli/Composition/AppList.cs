using Mimir.Cli.Hosting;
using Mimir.Configuration;
using Mimir.Configuration.Apps;
using Mimir.Configuration.Sources;

namespace Mimir.Cli.Composition;

/// <summary>The apps that announce themselves on this machine, and those that servers wait for.</summary>
internal static class AppList
{
    /// <summary>Looks.</summary>
    /// <param name="config">A file or folder, or null for the default places.</param>
    public static IReadOnlyList<AppRow> Look(string? config)
    {
        var environment = ProcessEnvironment.Instance;
        return Of(ConfigLoader.Load(ConfigLocation.Find(config, environment), environment, UserVault.Instance).Apps);
    }

    /// <summary>With what a configuration uses of them.</summary>
    public static IReadOnlyList<AppRow> Of(AppsUsed used)
    {
        var running = AnnouncedApps.Find(AnnouncedApps.FolderOf(ProcessEnvironment.Instance));
        string[] Servers(string app) => [.. used.Servers.Where(u => u.App == app).Select(static u => u.Server)];
        return
        [
            .. running.Select(a => new AppRow(a.Name, a.Url?.GetLeftPart(UriPartial.Authority), a.Pid, a.NeedsToken, Servers(a.Name))),
            .. used.Servers.Select(static u => u.App).Distinct(StringComparer.Ordinal).Where(a => running.All(r => r.Name != a)).Select(a => new AppRow(a, null, null, false, Servers(a))),
        ];
    }
}
