namespace Mimir.Router.Bridging;

/// <summary>What became of a state token that a client brought back.</summary>
public enum StateVerdict : byte
{
    /// <summary>Ours, whole, for this principal and this replica, and in time.</summary>
    Ok,

    /// <summary>No token of a router: the state of a server, to be handed on as it is.</summary>
    NotOurs,

    /// <summary>Altered, or sealed with another key, for another principal or by another replica. Which of these is not to be told.</summary>
    Broken,

    /// <summary>Whole, and too old.</summary>
    Expired,
}
