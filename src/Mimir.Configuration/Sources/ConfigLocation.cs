namespace Mimir.Configuration.Sources;

/// <summary>Where the configuration is: a file, or a folder with <c>mimir.json</c>, <c>servers/*.json</c>, <c>namespaces/*.json</c> and <c>backends.yaml</c>.</summary>
/// <param name="Path">Full path of the file or folder.</param>
/// <param name="IsExplicit">Whether somebody named it: then it must exist. The default place need not.</param>
/// <param name="NamedBy">Who named it, for messages: <c>--config</c>, <c>MIMIR_CONFIG</c> or <c>the default place</c>.</param>
public sealed record ConfigLocation(string Path, bool IsExplicit, string NamedBy)
{
    /// <summary>The environment variable that names the place when no flag does.</summary>
    public const string Variable = "MIMIR_CONFIG";

    /// <summary>The file that is, or would be, the main one.</summary>
    public string MainFile => !Directory.Exists(Path) && (IsExplicit || System.IO.Path.Exists(Path)) ? Path : System.IO.Path.Combine(Path, ConfigFiles.MainName);

    /// <summary>The folder that holds a file for each namespace, there or not.</summary>
    public string NamespacesFolder => System.IO.Path.Combine(Path, ConfigFiles.NamespacesName);

    /// <summary>
    /// Finds the place: the given path, else <c>$MIMIR_CONFIG</c>, else <c>$XDG_CONFIG_HOME/mimir</c> (when that is an
    /// absolute path), else <c>~/.config/mimir</c>. Touches no file.
    /// </summary>
    /// <param name="given">What the operator said, relative to the working folder or absolute; null or empty when nothing.</param>
    /// <param name="environment">Where variables and the home folder are looked up.</param>
    public static ConfigLocation Find(string? given, IEnvironment environment)
    {
        if (!string.IsNullOrEmpty(given))
        {
            return new ConfigLocation(System.IO.Path.GetFullPath(given), IsExplicit: true, "--config");
        }

        if (environment.Get(Variable) is { Length: > 0 } named)
        {
            return new ConfigLocation(System.IO.Path.GetFullPath(named), IsExplicit: true, Variable);
        }

        // The XDG base directory specification has relative paths ignored.
        var root = environment.Get("XDG_CONFIG_HOME") is { } xdg && System.IO.Path.IsPathFullyQualified(xdg)
            ? xdg
            : System.IO.Path.Combine(environment.HomeDirectory ?? "/", ".config");
        return new ConfigLocation(System.IO.Path.Combine(root, "mimir"), IsExplicit: false, "the default place");
    }
}
