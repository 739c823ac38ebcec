namespace Mimir.Router.Model;

/// <summary>What a tool of Mimir's own may do.</summary>
public enum ToolVerdict : byte
{
    /// <summary>Its work, but for what leads to a command being started: that the operator confirms in any case.</summary>
    Allow,

    /// <summary>Ask for its work; the operator confirms it.</summary>
    Confirm,

    /// <summary>Nothing: it is neither listed nor answers.</summary>
    Deny,
}
