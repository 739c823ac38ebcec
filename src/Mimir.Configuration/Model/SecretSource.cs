namespace Mimir.Configuration.Model;

/// <summary>Where the value of a secret comes from: the first of these that has it.</summary>
public enum SecretSource : byte
{
    /// <summary>Nowhere: it is not set.</summary>
    None,

    /// <summary>The environment that Mimir was started with.</summary>
    Environment,

    /// <summary>The vault.</summary>
    Vault,

    /// <summary>The file <c>.env</c> in the folder of the configuration.</summary>
    DotEnv,
}
