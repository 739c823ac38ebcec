using Mimir.Router.State;
using Mimir.Router.Upstreams.Lifecycle;

namespace Mimir.Router.Bridging;

/// <summary>What must be known of a modern client's request to ask it something in the middle of its call.</summary>
/// <param name="Profile">What the client can do, as the legacy server was told it.</param>
/// <param name="Principal">Who the client is: only it may go on with the call.</param>
/// <param name="Parameters">The JSON of <c>params</c>: the client repeats it when it goes on. Empty when it cannot be asked.</param>
/// <param name="Target">What is called: the name of a tool or prompt as it stands in the request, or nothing.</param>
/// <param name="Habits">Takes what is seen of the server; null when the client cannot be asked.</param>
internal sealed record ParkTerms(ClientProfile Profile, string Principal, byte[] Parameters, byte[] Target, AskingHabits? Habits);
