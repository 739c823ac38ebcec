using Mimir.Router.Model.Credentials;

namespace Mimir.Identity.Vaults;

/// <summary>The secrets of a vault, for whoever only reads them.</summary>
/// <param name="place">Where it is.</param>
/// <param name="time">The clock.</param>
public sealed class VaultCredentials(VaultPlace place, TimeProvider time) : ICredentialSource
{
    private readonly Vault _vault = new(place, time);

    /// <inheritdoc/>
    public IReadOnlyList<string> Files { get; } = [place.File, place.KeyFile];

    /// <inheritdoc/>
    public CredentialSet Read()
    {
        try
        {
            return new CredentialSet(_vault.Read().ToDictionary(e => e.Key, e => e.Value.Value, StringComparer.Ordinal));
        }
        catch (VaultException e)
        {
            return new CredentialSet(e.Fault);
        }
    }
}
