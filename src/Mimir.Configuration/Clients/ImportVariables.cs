namespace Mimir.Configuration.Clients;

/// <summary>Which variables a client replaces in the strings of its file. What it does not replace means itself.</summary>
[Flags]
internal enum ImportVariables : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>${NAME}</c> and <c>${NAME:-default}</c>, as here.</summary>
    Plain = 1,

    /// <summary><c>${env:NAME}</c>, <c>${input:NAME}</c>, <c>${workspaceFolder}</c>, <c>${userHome}</c> and others of an editor.</summary>
    Editor = 2,

    /// <summary><c>$NAME</c> and <c>${NAME}</c>.</summary>
    Shell = 4,
}
