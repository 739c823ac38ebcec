namespace Mimir.Cli.Teaching;

/// <summary>What lies where the skill would be.</summary>
internal enum SkillState : byte
{
    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>What this program would write.</summary>
    Same,

    /// <summary>What another version of it has written, unchanged since.</summary>
    Ours,

    /// <summary>What one has written, and somebody has changed.</summary>
    Changed,

    /// <summary>Something else.</summary>
    Foreign,
}
