namespace Mimir.Router.Model.Permissions;

/// <summary>What is allowed and denied of one server.</summary>
/// <param name="Tools">Of its tools.</param>
/// <param name="Prompts">Of its prompts.</param>
/// <param name="Resources">Of its resources and their templates, by uri.</param>
public sealed record ServerPermissions(OfferRules Tools, OfferRules Prompts, OfferRules Resources)
{
    /// <summary>Nothing is said.</summary>
    public static ServerPermissions None { get; } = new(OfferRules.None, OfferRules.None, OfferRules.None);

    /// <summary>Whether nothing is said.</summary>
    public bool IsEmpty => Tools.IsEmpty && Prompts.IsEmpty && Resources.IsEmpty;
}
