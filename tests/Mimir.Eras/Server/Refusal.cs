namespace Mimir.Eras.Server;

/// <summary>Why a request is not handled.</summary>
/// <param name="Code">The code of the error.</param>
/// <param name="Message">Its message.</param>
/// <param name="Data">Its data, JSON.</param>
/// <param name="Status">HTTP status.</param>
internal sealed record Refusal(int Code, string Message, string? Data = null, int Status = 400);
