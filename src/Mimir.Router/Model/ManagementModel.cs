namespace Mimir.Router.Model;

/// <summary>Mimir's own tools: what they tell clients of its servers.</summary>
/// <param name="HasTools">Whether clients are given them. Default false.</param>
/// <param name="BareNames">Whether their names stand without a prefix. Default false.</param>
public sealed record ManagementModel(bool HasTools = false, bool BareNames = false)
{
    /// <summary>The name of the server that they belong to, and its prefix where it has one. No configured server may have either while clients are given the tools.</summary>
    public const string ServerName = "mimir";
}
