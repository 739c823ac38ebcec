namespace Mimir.Router.Model;

/// <summary>How far calls and changes are kept.</summary>
public enum AuditMode : byte
{
    /// <summary>Nothing is.</summary>
    Off,

    /// <summary>Calls never wait for the disk: a crash loses those of the last quarter of a second.</summary>
    Relaxed,

    /// <summary>A call is answered once it is on the disk, and no call is made while it could not be kept.</summary>
    Durable,
}
