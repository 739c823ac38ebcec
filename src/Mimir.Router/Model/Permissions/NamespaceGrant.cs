namespace Mimir.Router.Model.Permissions;

/// <summary>What a namespace says of one of its servers.</summary>
/// <param name="Permissions">What it allows and denies by name.</param>
/// <param name="IsAllowedByDefault">What holds for names of which that says nothing; null when it says nothing of these either.</param>
public sealed record NamespaceGrant(ServerPermissions Permissions, bool? IsAllowedByDefault);
