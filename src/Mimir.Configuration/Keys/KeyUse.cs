namespace Mimir.Configuration.Keys;

/// <summary>What becomes of a key.</summary>
public enum KeyUse : byte
{
    /// <summary>It is read.</summary>
    Read,

    /// <summary>Another program's key that changes nothing here: a warning.</summary>
    Ignored,

    /// <summary>Another program's key that would be dangerous or misleading to pass over: an error.</summary>
    Refused,
}
