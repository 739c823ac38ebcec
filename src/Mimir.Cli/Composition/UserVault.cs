using System.Runtime.CompilerServices;
using Mimir.Identity.Vaults;
using Mimir.Router.Model.Credentials;

namespace Mimir.Cli.Composition;

/// <summary>The vault of the user, for the configuration. Nothing of it is loaded before somebody refers to a secret: most never do, and their start is not to wait.</summary>
internal sealed class UserVault : ICredentialSource
{
    /// <summary>The one instance.</summary>
    public static readonly UserVault Instance = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Files => FilesOfIt();

    /// <inheritdoc/>
    public CredentialSet Read() => ReadIt();

    // Methods of their own, never inlined: what they name is loaded when they run.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CredentialSet ReadIt() => Credentials()?.Read() ?? new CredentialSet(new Dictionary<string, string>(StringComparer.Ordinal));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IReadOnlyList<string> FilesOfIt() => Credentials()?.Files ?? [];

    private static VaultCredentials? Credentials() =>
        VaultPlace.ForUser(Environment.GetEnvironmentVariable) is { } place ? new VaultCredentials(place, TimeProvider.System) : null;
}
