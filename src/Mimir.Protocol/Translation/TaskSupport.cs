namespace Mimir.Protocol.Translation;

/// <summary>Whether calls of a tool may be tasks: its <c>execution.taskSupport</c> (2025-11-25).</summary>
public enum TaskSupport : byte
{
    /// <summary>They may not; also where the tool says nothing.</summary>
    Forbidden,

    /// <summary>As the caller likes.</summary>
    Optional,

    /// <summary>They must.</summary>
    Required,
}
