namespace Mimir.Router.Model.Credentials;

/// <summary>Why secrets could not be read. Holds none of them: it may be shown.</summary>
/// <param name="File">Full path of the file that is meant.</param>
/// <param name="Message">What is wrong, without a full stop.</param>
/// <param name="Remedy">What to do about it, without a full stop.</param>
public sealed record CredentialFault(string File, string Message, string Remedy);
