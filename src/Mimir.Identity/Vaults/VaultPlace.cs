using Mimir.Router.Model.Credentials;

namespace Mimir.Identity.Vaults;

/// <summary>Where a vault and its key are. Immutable; shows no key.</summary>
public sealed class VaultPlace
{
    /// <summary>The variable that names the vault's file.</summary>
    public const string FileVariable = "MIMIR_VAULT";

    /// <summary>The variable that names the file of the key.</summary>
    public const string KeyFileVariable = "MIMIR_VAULT_KEY_FILE";

    /// <summary>The vault's file, where nothing else is said, in the user's folder.</summary>
    public const string FileName = "secrets.vault";

    /// <summary>The key's file, where nothing else is said, beside it.</summary>
    public const string KeyFileName = "secrets.key";

    /// <summary>A vault.</summary>
    /// <param name="file">Full path of its file.</param>
    /// <param name="keyFile">Full path of the file of its key.</param>
    public VaultPlace(string file, string keyFile)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentException.ThrowIfNullOrEmpty(keyFile);
        File = file;
        KeyFile = keyFile;
    }

    /// <summary>Full path of the vault's file.</summary>
    public string File { get; }

    /// <summary>Full path of the file of the key; of no meaning where the key itself was given.</summary>
    public string KeyFile { get; }

    /// <summary>Whether the operator named the file of the key: then it is read and never made.</summary>
    public bool IsKeyGiven { get; init; }

    /// <summary>The key itself, where the operator gave it: base64 of 32 bytes.</summary>
    internal string? KeyText { get; init; }

    /// <summary>
    /// The vault of the user we run as: <c>MIMIR_VAULT</c>, else <c>secrets.vault</c> in <c>$XDG_DATA_HOME/mimir</c> where that is an absolute
    /// path, else in <c>~/.local/share/mimir</c> on Linux, <c>~/Library/Application Support/mimir</c> on macOS and <c>%LOCALAPPDATA%\mimir</c> on
    /// Windows. The key: <c>MIMIR_VAULT_KEY</c>, else <c>MIMIR_VAULT_KEY_FILE</c>, else <c>secrets.key</c> beside the vault.
    /// </summary>
    /// <param name="variable">Looks up an environment variable.</param>
    /// <returns>Null when there is no home to look in.</returns>
    public static VaultPlace? ForUser(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (Given(variable, FileVariable) is not { } named)
        {
            if (Folder(variable) is not { } folder)
            {
                return null;
            }

            named = Path.Combine(folder, FileName);
        }

        var file = Path.GetFullPath(named);
        var key = Given(variable, KeyFileVariable);
        return new VaultPlace(file, key is null ? Path.Combine(Path.GetDirectoryName(file)!, KeyFileName) : Path.GetFullPath(key))
        {
            IsKeyGiven = key is not null,
            KeyText = Given(variable, CredentialNames.KeyVariable),
        };
    }

    /// <summary>The paths; never the key.</summary>
    public override string ToString() => File;

    private static string? Given(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } value ? value : null;

    private static string? Folder(Func<string, string?> variable)
    {
        if (variable("XDG_DATA_HOME") is { } data && Path.IsPathFullyQualified(data))
        {
            return Path.Combine(data, "mimir");
        }

        var home = variable(OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "HOME");
        return home is null || !Path.IsPathFullyQualified(home) ? null
            : OperatingSystem.IsWindows() ? Path.Combine(home, "mimir")
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Application Support", "mimir")
            : Path.Combine(home, ".local", "share", "mimir");
    }
}
