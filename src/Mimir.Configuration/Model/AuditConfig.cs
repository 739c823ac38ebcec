namespace Mimir.Configuration.Model;

/// <summary><c>audit</c> as a human wrote it, in the file or in the environment.</summary>
public sealed record AuditConfig
{
    /// <summary><c>mode</c>.</summary>
    public Setting<string> Mode { get; init; }

    /// <summary><c>path</c>.</summary>
    public Setting<string> Path { get; init; }

    /// <summary><c>maxBytes</c>, in bytes.</summary>
    public Setting<int> MaxBytes { get; init; }

    /// <summary><c>keep</c>.</summary>
    public Setting<int> Keep { get; init; }
}
