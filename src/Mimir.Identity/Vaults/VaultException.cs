using Mimir.Router.Model.Credentials;

namespace Mimir.Identity.Vaults;

/// <summary>The vault cannot be read or saved. Its texts hold no secret and no part of a key.</summary>
public sealed class VaultException : Exception
{
    /// <summary>Says so.</summary>
    /// <param name="kind">What sort of trouble it is.</param>
    /// <param name="fault">What is wrong, and what to do.</param>
    /// <param name="cause">What the system said, or null.</param>
    public VaultException(VaultTrouble kind, CredentialFault fault, Exception? cause = null)
        : base($"{fault?.File}: {fault?.Message}. {fault?.Remedy}", cause)
    {
        ArgumentNullException.ThrowIfNull(fault);
        Kind = kind;
        Fault = fault;
    }

    /// <summary>What sort of trouble it is.</summary>
    public VaultTrouble Kind { get; }

    /// <summary>What is wrong, and what to do.</summary>
    public CredentialFault Fault { get; }
}
