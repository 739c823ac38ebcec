namespace Mimir.Load;

/// <summary>How the client speaks.</summary>
public enum ClientEra : byte
{
    /// <summary>2025-11-25: opens a session with <c>initialize</c>.</summary>
    Legacy,

    /// <summary>2026-07-28: every request carries its own <c>_meta</c>.</summary>
    Modern,
}
