-- a copy of the database calls nobody and texts nobody
UPDATE cc_campaign
   SET state = 'paused'
 WHERE state = 'running';
UPDATE cc_sms_job
   SET state = 'paused'
 WHERE state IN ('reading', 'running');
UPDATE cc_sms_gateway
   SET active = false,
       password = NULL,
       token = md5(random()::text);
