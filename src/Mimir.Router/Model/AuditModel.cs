namespace Mimir.Router.Model;

/// <summary>How calls and changes are kept.</summary>
public sealed record AuditModel
{
    /// <summary>How far. Default relaxed.</summary>
    public AuditMode Mode { get; init; } = AuditMode.Relaxed;

    /// <summary>Full path of the log; null for the usual place of the user.</summary>
    public string? Path { get; init; }

    /// <summary>Bytes after which the log is set aside and another begun. Default 10 MiB.</summary>
    public long MaxBytes { get; init; } = 10 << 20;

    /// <summary>How many that were set aside are kept. Default 7.</summary>
    public int Keep { get; init; } = 7;
}
