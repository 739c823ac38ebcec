using System.Collections.Immutable;
using Mimir.Configuration.Sources;

namespace Mimir.Configuration.Clients;

/// <summary>The clients that are known, and where each keeps its servers.</summary>
public static class ImportClients
{
    private static readonly ImportClient ClaudeDesktop = new("claude-desktop", "Claude Desktop");
    private static readonly ImportClient ClaudeCode = new("claude-code", "Claude Code") { Variables = ImportVariables.Plain };
    private static readonly ImportClient Cursor = new("cursor", "Cursor") { Variables = ImportVariables.Editor };
    private static readonly ImportClient VSCode = new("vscode", "VS Code") { Variables = ImportVariables.Editor };
    private static readonly ImportClient Codex = new("codex", "Codex");
    private static readonly ImportClient Windsurf = new("windsurf", "Windsurf") { Variables = ImportVariables.Editor };
    private static readonly ImportClient Zed = new("zed", "Zed");
    private static readonly ImportClient Gemini = new("gemini", "Gemini CLI") { Variables = ImportVariables.Shell, TimeoutUnit = 1 };
    private static readonly ImportClient Cline = new("cline", "Cline") { Variables = ImportVariables.Editor, TimeoutUnit = 1000 };
    private static readonly ImportClient LMStudio = new("lm-studio", "LM Studio");

    /// <summary>All of them.</summary>
    public static ImmutableArray<ImportClient> All { get; } = [ClaudeDesktop, ClaudeCode, Cursor, VSCode, Codex, Windsurf, Zed, Gemini, Cline, LMStudio];

    /// <summary>A file that somebody names, of no known client: every spelling of a variable is understood.</summary>
    internal static ImportClient Unknown { get; } = new("file", "a file") { Variables = ImportVariables.Plain | ImportVariables.Editor };

    /// <summary>Whose file a path is, and the folder in which that client starts the servers of it: one of the user's, or of the project that it lies in.</summary>
    /// <param name="environment">Where variables and the home folder are looked up.</param>
    /// <param name="path">Full path of the file.</param>
    internal static ImportPlace PlaceOf(IEnvironment environment, string path)
    {
        // In a project, clients keep their files in its folder or in one below.
        var folder = Path.GetDirectoryName(path) ?? path;
        return Places(environment, folder, System).Concat(Places(environment, Path.GetDirectoryName(folder) ?? folder, System)).FirstOrDefault(place => place.Path == path)
            ?? new ImportPlace(Unknown, path);
    }

    /// <summary>The system of this process.</summary>
    internal static ImportSystem System =>
        OperatingSystem.IsWindows() ? ImportSystem.Windows : OperatingSystem.IsMacOS() ? ImportSystem.MacOS : ImportSystem.Linux;

    /// <summary>The files of all clients, the user's own before those of the project in a folder.</summary>
    /// <param name="environment">Where variables and the home folder are looked up.</param>
    /// <param name="project">Full path of the folder.</param>
    /// <param name="system">Whose places are meant.</param>
    internal static IEnumerable<ImportPlace> Places(IEnvironment environment, string project, ImportSystem system)
    {
        if (environment.HomeDirectory is { } home)
        {
            var code = Path.Combine(Data(environment, home, system), "Code", "User");
            var codex = environment.Get("CODEX_HOME") is { } set && Path.IsPathFullyQualified(set) ? set : Path.Combine(home, ".codex");
            yield return new ImportPlace(ClaudeDesktop, Path.Combine(Data(environment, home, system), "Claude", "claude_desktop_config.json"));
            yield return new ImportPlace(ClaudeCode, Path.Combine(home, ".claude.json"));
            yield return new ImportPlace(Cursor, Path.Combine(home, ".cursor", "mcp.json"));
            yield return new ImportPlace(VSCode, Path.Combine(code, "mcp.json"));
            yield return new ImportPlace(VSCode, Path.Combine(code, "settings.json"));
            yield return new ImportPlace(Codex, Path.Combine(codex, "config.toml"));
            yield return new ImportPlace(Windsurf, Path.Combine(home, ".codeium", "windsurf", "mcp_config.json"));
            yield return new ImportPlace(Zed, ZedFile(environment, home, system));
            yield return new ImportPlace(Gemini, Path.Combine(home, ".gemini", "settings.json"));
            yield return new ImportPlace(Cline, Path.Combine(code, "globalStorage", "saoudrizwan.claude-dev", "settings", "cline_mcp_settings.json"));
            yield return new ImportPlace(LMStudio, Path.Combine(home, ".lmstudio", "mcp.json"));
        }

        // In the home folder itself, these are the user's own once more.
        if (project != environment.HomeDirectory)
        {
            yield return new ImportPlace(ClaudeCode, Path.Combine(project, ".mcp.json"), project);
            yield return new ImportPlace(Cursor, Path.Combine(project, ".cursor", "mcp.json"), project);
            yield return new ImportPlace(VSCode, Path.Combine(project, ".vscode", "mcp.json"), project);
            yield return new ImportPlace(Codex, Path.Combine(project, ".codex", "config.toml"), project);
            yield return new ImportPlace(Zed, Path.Combine(project, ".zed", "settings.json"), project);
            yield return new ImportPlace(Gemini, Path.Combine(project, ".gemini", "settings.json"), project);
        }
    }

    /// <summary>Where programs of the desktop keep what the user has set.</summary>
    private static string Data(IEnvironment environment, string home, ImportSystem system) => system switch
    {
        ImportSystem.Windows => environment.Get("APPDATA") is { Length: > 0 } data ? data : Path.Combine(home, "AppData", "Roaming"),
        ImportSystem.MacOS => Path.Combine(home, "Library", "Application Support"),
        _ => Xdg(environment, home),
    };

    private static string ZedFile(IEnvironment environment, string home, ImportSystem system) => system switch
    {
        ImportSystem.Windows => Path.Combine(Data(environment, home, system), "Zed", "settings.json"),
        ImportSystem.MacOS => Path.Combine(home, ".config", "zed", "settings.json"),
        _ => Path.Combine(Xdg(environment, home), "zed", "settings.json"),
    };

    private static string Xdg(IEnvironment environment, string home) =>
        environment.Get("XDG_CONFIG_HOME") is { } set && Path.IsPathFullyQualified(set) ? set : Path.Combine(home, ".config");
}
