//! Comments on change requests.

use crate::call::Call;
use crate::generated::change_request_comments::ChangeRequestComments;
use crate::problem::Problem;
use crate::rules;
use crate::state::State;
use crate::state::entities::Comment;
use crate::state::views_change_requests::view_comment;
use configcat_management::models::{
    self, AddChangeRequestComment, AuditLogType, ChangeRequestCommentId, ChangeRequestId,
    UpdateChangeRequestComment,
};

impl State {
    fn comment(&self, id: ChangeRequestCommentId) -> Result<(ChangeRequestId, &Comment), Problem> {
        let request = self.commented(id).ok_or_else(Problem::not_found)?;
        let comments = &self.change_request(request)?.comments;
        let comment = comments.iter().find(|comment| comment.id == id).ok_or_else(Problem::not_found)?;
        Ok((request, comment))
    }

    /// Returns a comment, or a problem if the caller did not write it.
    // Assumed: only the author of a comment may change or delete it; other users get 403.
    fn own_comment(&self, id: ChangeRequestCommentId) -> Result<(ChangeRequestId, Comment), Problem> {
        let (request, comment) = self.comment(id)?;
        if comment.by.id != self.me.id {
            return Err(Problem::forbidden("Only the writer of a comment may change it."));
        }
        Ok((request, comment.clone()))
    }
}

impl ChangeRequestComments for State {
    // Assumed: a comment can be added to an applied or closed change request, too.
    // Assumed: a blank comment is refused with 400.
    fn add(
        &mut self,
        call: &Call<'_>,
        change_request_id: ChangeRequestId,
        body: AddChangeRequestComment,
    ) -> Result<models::ChangeRequestComment, Problem> {
        self.change_request(change_request_id)?;
        rules::named("body", &body.body)?;
        let id = self.ids.comment();
        let comment = Comment { id, body: body.body, at: call.now, by: self.me.clone(), edited: None };
        let seen = view_comment(&comment);
        self.change_request_mut(change_request_id)?.comments.push(comment);
        let ty = AuditLogType::ChangeRequestCommentAdded;
        self.record_change_request(call.now, change_request_id, ty, "Comment added.");
        Ok(seen)
    }

    fn update(
        &mut self,
        call: &Call<'_>,
        comment_id: ChangeRequestCommentId,
        body: UpdateChangeRequestComment,
    ) -> Result<models::ChangeRequestComment, Problem> {
        let (request, mut comment) = self.own_comment(comment_id)?;
        rules::named("body", &body.body)?;
        comment.body = body.body;
        comment.edited = Some(call.now);
        let seen = view_comment(&comment);
        for old in &mut self.change_request_mut(request)?.comments {
            if old.id == comment_id {
                *old = comment.clone();
            }
        }
        self.record_change_request(
            call.now,
            request,
            AuditLogType::ChangeRequestCommentEdited,
            "Comment changed.",
        );
        Ok(seen)
    }

    fn delete(&mut self, call: &Call<'_>, comment_id: ChangeRequestCommentId) -> Result<(), Problem> {
        let (request, _) = self.own_comment(comment_id)?;
        self.change_request_mut(request)?.comments.retain(|comment| comment.id != comment_id);
        self.record_change_request(
            call.now,
            request,
            AuditLogType::ChangeRequestCommentDeleted,
            "Comment deleted.",
        );
        Ok(())
    }
}
