using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;

namespace Mimir.Configuration.Apps;

/// <summary>
/// The apps that are announced on this machine: a file each, which says name, address and process. What is left of a process that has ended,
/// what leads elsewhere than to this machine and what is no such file is passed over.
/// </summary>
public static class AnnouncedApps
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 128;

    private const int MostFiles = 256, MostLookedAt = 10_000, MostBytes = 16 << 10;

    /// <summary>What a moment told in two ways may differ by.</summary>
    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(2);

    /// <summary>The folder of the files: <c>hosts</c> in the folder of Mimir's state.</summary>
    /// <param name="environment">Where the home folder is looked up.</param>
    /// <returns>Null when there is no home folder.</returns>
    public static string? FolderOf(IEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment.Get("XDG_STATE_HOME") is { } state && Path.IsPathFullyQualified(state)) return Path.Combine(state, "mimir", "hosts");
        if (environment.Get(OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "HOME") is not { } home || !Path.IsPathFullyQualified(home)) return null;
        return OperatingSystem.IsWindows() ? Path.Combine(home, "mimir", "hosts")
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support", "mimir", "hosts")
            : Path.Combine(home, ".local", "state", "mimir", "hosts");
    }

    /// <summary>Those that run, by their names, the newest of a name first.</summary>
    /// <param name="folder">Where to look; null for nowhere.</param>
    public static ImmutableArray<AnnouncedApp> Find(string? folder)
    {
        if (folder is null) return [];
        try
        {
            var found = new List<AnnouncedApp>();

            // Apps that were killed leave theirs behind: those that run wrote theirs after them, more often than not.
            var newest = new DirectoryInfo(folder).EnumerateFiles("*.json").Take(MostLookedAt).OrderByDescending(static f => f.LastWriteTimeUtc);
            foreach (var file in newest.Take(MostFiles))
            {
                if (Read(file.FullName) is { } app && Lives(app)) found.Add(app);
            }

            return [.. found.OrderBy(static a => a.Name, StringComparer.Ordinal).ThenByDescending(static a => a.Started).ThenByDescending(static a => a.Pid)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No folder, no apps.
            return [];
        }
    }

    private static AnnouncedApp? Read(string file)
    {
        try
        {
            if (BoundedFile.Read(file, new IssueList()) is not { Count: <= MostBytes } bytes) return null;
            using var document = JsonDocument.Parse(bytes.AsMemory());
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "name") is not { Length: > 0 and <= MaxName } name || name.Any(char.IsControl)) return null;
            var dials = IsTrue(root, "dials");
            Uri? url = null;
            if (!dials && (!Uri.TryCreate(Text(root, "url"), UriKind.Absolute, out url) || url.Scheme != Uri.UriSchemeHttp || !url.IsLoopback || url.UserInfo.Length > 0)) return null;
            if (!root.TryGetProperty("pid", out var pid) || pid.ValueKind != JsonValueKind.Number || !pid.TryGetInt32(out var number) || number <= 0) return null;
            var started = DateTimeOffset.TryParse(Text(root, "started"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : (DateTimeOffset?)null;
            return new AnnouncedApp(name, url, number, started, IsTrue(root, "needsToken"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsTrue(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Whether its process is there, and is the one that wrote it: numbers are used again.</summary>
    private static bool Lives(AnnouncedApp app)
    {
        try
        {
            using var process = Process.GetProcessById(app.Pid);
            return app.Started is not { } started || (process.StartTime.ToUniversalTime() - started.UtcDateTime).Duration() <= s_tolerance;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            return false;
        }
    }
}
