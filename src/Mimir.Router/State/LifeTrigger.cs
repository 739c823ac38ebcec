namespace Mimir.Router.State;

/// <summary>What happens to a server. The columns of the table in <see cref="UpstreamLife"/>.</summary>
public enum LifeTrigger : byte
{
    /// <summary>An attempt to connect began.</summary>
    Begin,

    /// <summary>A connection was opened.</summary>
    Open,

    /// <summary>An attempt failed, and no connection is open.</summary>
    Fail,

    /// <summary>It failed or ended once too often.</summary>
    GiveUp,

    /// <summary>It refused us for want of credentials.</summary>
    Refuse,

    /// <summary>Its last connection broke.</summary>
    Lose,

    /// <summary>Its last connection was closed because nobody had used it for a while.</summary>
    Rest,

    /// <summary>Its last connection was closed because the client it was for has left.</summary>
    Leave,

    /// <summary>It does not behave.</summary>
    Worsen,

    /// <summary>It behaves again.</summary>
    Recover,

    /// <summary>It is to stop, and has calls open.</summary>
    Drain,

    /// <summary>It was stopped.</summary>
    Stop,

    /// <summary>It was set aside.</summary>
    Quarantine,

    /// <summary>It may be used again after it was stopped or set aside.</summary>
    Release,
}
