namespace Mimir.Configuration.Editing;

/// <summary>Why a change was not made.</summary>
public enum EditTrouble : byte
{
    /// <summary>What was asked for cannot be: a name that is not there, or is taken, or is none.</summary>
    Refused,

    /// <summary>It stands in a file that commands do not change. The message says where, and what to write there.</summary>
    HandWritten,

    /// <summary>The configuration would have errors that it does not have now.</summary>
    Invalid,

    /// <summary>Another process is changing the configuration.</summary>
    Busy,

    /// <summary>The disk would not take it.</summary>
    NotSaved,
}
